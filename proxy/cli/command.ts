import { parseArgs, type ParseArgsConfig } from 'node:util'
import { UsageError } from './usage-error'

/** One sub-command. */
export interface Command {
  /** As in `astrorelay help`: the arguments after the name. */
  readonly usage: string
  readonly summary: string
  /** Runs it and gives the exit code. */
  run(args: readonly string[]): Promise<number>
}

type Options = NonNullable<ParseArgsConfig['options']>

/** Takes a command's arguments apart, or throws a UsageError that says what is wrong with them. */
export function parseCommand<const O extends Options>(
  args: readonly string[],
  options: O,
  positionals: { readonly min: number; readonly max: number; readonly what: string },
) {
  const parsed = parse(args, options)
  const given = parsed.positionals.length
  if (given < positionals.min) throw new UsageError(`Give ${positionals.what}.`)
  if (given > positionals.max) throw new UsageError(`“${parsed.positionals[positionals.max]}” is one argument too many.`)
  return parsed
}

function parse<const O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    // Node's messages are sentences already: "Unknown option '--prot'. …"
    throw new UsageError(
      error instanceof Error ? (error.message.split('. To specify')[0] ?? error.message).replace(/\.?$/, '.') : String(error),
    )
  }
}

/** Prints a line for people and programs. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
