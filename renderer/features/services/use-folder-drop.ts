import { useEffect, useState } from 'react'
import { desktopShell } from '../../api/desktop-bridge'
import { navigate } from '../../state/route'
import { showToast } from '../../ui/toast'
import { answerDrop, readDrop } from './dropped'

/** Takes a folder that is dropped anywhere on the window to the form; tells whether something is held over it. */
export function useFolderDrop(): boolean {
  const [over, setOver] = useState(false)

  useEffect(() => {
    const stop = new AbortController()
    const { signal } = stop
    // Every element within tells of coming and going; only the last way out leaves the window.
    let depth = 0
    window.addEventListener(
      'dragenter',
      (event) => {
        if (!holdsFiles(event)) return
        event.preventDefault()
        depth++
        setOver(true)
      },
      { signal },
    )
    window.addEventListener(
      'dragover',
      (event) => {
        if (holdsFiles(event)) event.preventDefault()
      },
      { signal },
    )
    window.addEventListener(
      'dragleave',
      (event) => {
        if (!holdsFiles(event)) return
        depth = Math.max(0, depth - 1)
        if (depth === 0) setOver(false)
      },
      { signal },
    )
    window.addEventListener(
      'drop',
      (event) => {
        if (!holdsFiles(event)) return
        event.preventDefault()
        depth = 0
        setOver(false)
        take(event)
      },
      { signal },
    )
    return () => stop.abort()
  }, [])

  return over
}

function take({ dataTransfer }: DragEvent): void {
  const dropped = readDrop(dataTransfer?.items ?? [], desktopShell())
  if (dropped === null) return
  const answer = answerDrop(dropped)
  if ('go' in answer) return navigate(answer.go)
  const { text, detail, form } = answer
  showToast({ tone: 'warn', text, detail, ...(form === undefined ? {} : { action: { label: 'Host files', run: () => navigate(form) } }) })
}

function holdsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false
}
