/**
 * How much speaks for a session's client being who it says. Where datagrams come from can be forged: such a client never hears
 * a reply, but a backend may well answer it. Only who goes on after a reply is likely to have heard it.
 */
export type Standing = 'unanswered' | 'answered' | 'conversing'

/** What of a session its place hangs on. */
export interface Ranked {
  standing: Standing
  /** Whether its client has been heard since its place was last looked at. */
  heardLately: boolean
}

/**
 * Sessions by who gives way first where there may be no more: those that nothing has come back to, then those whose client has
 * said nothing since it was answered, then those that went to and fro. Among equals it is the oldest that has been silent since
 * it was last looked at (second chance: a datagram costs a mark, and no place in a list).
 */
export class SessionOrder<Session extends Ranked> {
  private readonly places = {
    unanswered: new Set<Session>(),
    answered: new Set<Session>(),
    conversing: new Set<Session>(),
  } satisfies Record<Standing, Set<Session>>

  get size(): number {
    const { unanswered, answered, conversing } = this.places
    return unanswered.size + answered.size + conversing.size
  }

  add(session: Session): void {
    this.places[session.standing].add(session)
  }

  remove(session: Session): void {
    this.places[session.standing].delete(session)
  }

  /** The one that gives way; null where there is none. */
  first(): Session | null {
    const { unanswered, answered, conversing } = this.places
    return longestSilent(unanswered) ?? longestSilent(answered) ?? longestSilent(conversing)
  }
}

function longestSilent<Session extends Ranked>(sessions: Set<Session>): Session | null {
  for (let tries = sessions.size; tries > 0; tries--) {
    const first = oldest(sessions)
    if (first?.heardLately !== true) return first
    first.heardLately = false
    sessions.delete(first)
    sessions.add(first)
  }
  return oldest(sessions)
}

function oldest<Session>(sessions: Set<Session>): Session | null {
  for (const session of sessions) return session
  return null
}
