// The reference program: `node http-proxy-peer.mjs PORT BACKEND-PORT ECHO-PORT`.
import http from 'node:http'
import { createProxyServer } from 'http-proxy'

const [port, backendPort, echoPort] = process.argv.slice(2).map(Number)
const agent = new http.Agent({ keepAlive: true, maxSockets: 256 })
const pages = createProxyServer({ target: `http://127.0.0.1:${backendPort}`, agent })
const echo = createProxyServer({ target: `http://127.0.0.1:${echoPort}`, ws: true })
for (const proxy of [pages, echo]) proxy.on('error', (_error, _request, response) => response.destroy())

const server = http.createServer((request, response) => pages.web(request, response))
server.on('upgrade', (request, socket, head) => echo.ws(request, socket, head))
server.listen(port, '127.0.0.1', 4096)
