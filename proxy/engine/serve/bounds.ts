/** From the first byte of a head, or the beginning of the connection, to the head's end. */
const HEAD_MS = 20_000
/** The same for a client that nothing lets in, whatever it asks for. */
const REFUSED_HEAD_MS = 2_000

/** How long a connection may wait for its next request, where others may wait for `keepAlive` ms. */
export const restTime = (isRefused: boolean, keepAlive: number): number => (isRefused ? Math.min(REFUSED_HEAD_MS, keepAlive) : keepAlive)

/** How long a head may take. */
export const headTime = (isRefused: boolean): number => (isRefused ? REFUSED_HEAD_MS : HEAD_MS)

/** The rest of a body that nobody wants is read for so long, so that the client sees the answer and not a reset. */
export const UNWANTED_BODY_MS = 5_000
/** The rest of a body that is no longer than this is worth waiting for, so that the connection can go on. */
export const SHORT_REST = 65_536
/** Bytes that may come ahead of their turn before the connection is no longer read. */
export const MAX_AHEAD = 65_536
