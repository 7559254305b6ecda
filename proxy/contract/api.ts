import type { z } from 'zod'

/** One call: what goes in, what comes out, and a sentence for the reference page. */
export interface Call<Params extends z.ZodType = z.ZodType, Result extends z.ZodType = z.ZodType> {
  readonly params: Params
  readonly result: Result
  readonly summary: string
  /** Long lists among the parameters are kept by the callee until the next such call, so that the same ones need not be sent again. */
  readonly keepsLists?: true
}

/** A named set of calls, from which both sides of a channel get their types. */
export type Api = Readonly<Record<string, Call>>

/** What a caller may pass: defaults left out. */
export type ParamsOf<A extends Api, Name extends keyof A> = z.input<A[Name]['params']>
export type ResultOf<A extends Api, Name extends keyof A> = z.output<A[Name]['result']>

/** What a server of the API implements: it gets parsed parameters. */
export type Handlers<A extends Api> = {
  readonly [Name in keyof A]: (params: z.output<A[Name]['params']>) => ResultOf<A, Name> | Promise<ResultOf<A, Name>>
}

/** What a client of the API calls. */
export type CallFunction<A extends Api> = <Name extends keyof A & string>(
  name: Name,
  params: ParamsOf<A, Name>,
) => Promise<ResultOf<A, Name>>
