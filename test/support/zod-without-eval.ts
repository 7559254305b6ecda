import { z } from 'zod'

// A script that Playwright puts into a page may evaluate code before the page's policy holds, and zod would conclude that it
// always may. Schemas read this when they are made, so this is imported before them.
z.config({ jitless: true })
