import { z } from 'zod'

export const revision = z.string().meta({ description: 'A saved document’s number.' })
