/** The command line was not understood: the message is printed, with exit code 2. */
export class UsageError extends Error {}

/** What was asked for cannot be done: the message is printed, with exit code 1. */
export class CommandError extends Error {}

/** The program that supervises the gateway is there and does not answer. */
export class HostSilentError extends CommandError {}

/** The program that supervises the gateway cannot be asked: it has ended, has no console, or takes no connection. */
export class HostGoneError extends CommandError {}
