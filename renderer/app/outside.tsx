import { type ReactNode, useEffect } from 'react'
import { forgetSessionKey, hasSignInToken } from '../api/session-key'
import { Button } from '../ui/button'
import { CopyButton } from '../ui/copy-button'
import { Mark } from '../ui/mark'
import { Toasts } from '../ui/toast'
import './outside.css'

/** The console without a valid session: says how to get a link. */
export function SignInNeeded() {
  useEffect(() => {
    // A link that is opened in this very tab changes the fragment alone, so the browser loads nothing by itself.
    const signIn = (): void => void (hasSignInToken() && window.location.reload())
    window.addEventListener('hashchange', signIn)
    return () => window.removeEventListener('hashchange', signIn)
  }, [])
  return (
    <Outside title="This page needs a sign-in link">
      <p>
        Links work once, for five minutes, and only in the browser that opens them first. Ask AstroRelay for a new one on the computer it
        runs on:
      </p>
      <div className="outside-command">
        <code>astrorelay link</code>
        <CopyButton text="astrorelay link" label="Copy command" />
      </div>
      <p>Then open the address it prints. Nothing you set up is lost, and your services keep running.</p>
    </Outside>
  )
}

/** Nobody answers at the address this page came from. */
export function NoAnswer() {
  return (
    <Outside title="AstroRelay does not answer">
      <p>It may have been stopped on the computer it runs on. Start it there, then try again.</p>
      <p>
        <Button
          kind="primary"
          onPress={() => {
            forgetSessionKey()
            window.location.reload()
          }}
        >
          Try again
        </Button>
      </p>
    </Outside>
  )
}

function Outside({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="outside">
      <title>{`${title} – AstroRelay`}</title>
      <div className="outside-card card">
        <Mark size={34} />
        <h1 tabIndex={-1}>{title}</h1>
        {children}
      </div>
      <Toasts />
    </main>
  )
}
