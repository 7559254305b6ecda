import type { Json } from './cdp'
import { type Browser, startChromium } from './chromium'
import { boot, world } from './world'

/** The one Chromium behind all windows, started when it is first needed. */
export function browser(): Promise<Browser> {
  world.browser ??= start()
  return world.browser
}

async function start(): Promise<Browser> {
  const started = await startChromium(boot().debugPort)
  Object.assign(process.versions, { chrome: started.version })
  started.cdp.on('', (method, params) => {
    if (method === 'Target.targetCreated') closePopup(started, params['targetInfo'] as Json)
    else if (method === 'Target.targetDestroyed') world.contents.get(params['targetId'] as string)?.gone()
  })
  await started.cdp.send('Target.setDiscoverTargets', { discover: true })
  return started
}

/** Only denying window-open handlers are implemented: what a page opens is closed again. */
function closePopup({ cdp }: Browser, { type, openerId, targetId }: Json): void {
  if (type !== 'page' || !world.contents.has(String(openerId)) || world.contents.has(String(targetId))) return
  cdp.send('Target.closeTarget', { targetId }).catch(() => undefined)
}
