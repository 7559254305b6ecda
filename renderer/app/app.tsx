import { useEffect, useState } from 'react'
import { connect } from '../api/connect'
import { type Session, SessionContext, startSession } from '../state/session'
import { useStore } from '../state/store'
import { Toasts } from '../ui/toast'
import { AppShell } from './app-shell'
import { CloseDialog } from './close-dialog'
import { NoAnswer, SignInNeeded } from './outside'

type Start = 'connecting' | 'signed-out' | 'no-answer' | Session

// One connection for the page's life, whatever React does with its components.
let started: Promise<Start> | null = null

function start(): Promise<Start> {
  return connect().then(
    (client): Start => (client ? startSession(client) : 'signed-out'),
    (): Start => 'no-answer',
  )
}

/** Connects, then shows the shell; or what has to be done first. */
export function App() {
  const [now, setNow] = useState<Start>('connecting')
  useEffect(() => {
    started ??= start()
    void started.then(setNow)
  }, [])
  if (now === 'connecting') return null
  if (now === 'signed-out') return <SignInNeeded />
  if (now === 'no-answer') return <NoAnswer />
  return (
    <SessionContext value={now}>
      <Connected session={now} />
    </SessionContext>
  )
}

function Connected({ session }: { readonly session: Session }) {
  if (useStore(session.connection) === 'signed-out') return <SignInNeeded />
  return (
    <>
      <AppShell />
      <CloseDialog />
      <Toasts />
    </>
  )
}
