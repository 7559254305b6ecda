// Imported into a utility process before its own module: Electron's `process.parentPort` on top of Node's channel.
import { EventEmitter } from 'node:events'

const send = process.send?.bind(process)
const port = new EventEmitter()
const early: unknown[] = []

process.on('message', (data) => {
  if (port.listenerCount('message') > 0) port.emit('message', { data, ports: [] })
  else early.push(data)
})
port.on('newListener', (name) => {
  if (name === 'message')
    queueMicrotask(() => {
      for (const data of early.splice(0)) port.emit('message', { data, ports: [] })
    })
})
// Electron ends its children with itself.
process.on('disconnect', () => process.exit(0))

Object.assign(port, { postMessage: (message: unknown) => void send?.(message) })
Object.defineProperty(process, 'parentPort', { value: port, enumerable: true })
Object.assign(process, { type: 'utility', send: undefined })
