import type { LockdownFacts, LockdownText } from './facts'
import { doubleQuoted, exactly, lines, xmlEscaped } from './quote'

/** Programs that check the secret header themselves. */
export function programTexts(facts: LockdownFacts): readonly LockdownText[] {
  return [
    {
      id: 'iis',
      name: 'IIS',
      where: `web.config in the site's folder on ${facts.host}; IIS takes it at once and needs the URL Rewrite module.`,
      text: iis(facts),
    },
    {
      id: 'express',
      name: 'Express',
      where: `The file that makes the Express app on ${facts.host}, before everything else that uses app; then restart it.`,
      text: express(facts),
    },
    {
      id: 'django',
      name: 'Django',
      where: `A file astrorelay.py beside settings.py on ${facts.host}, named first in MIDDLEWARE; then restart it.`,
      text: django(facts),
    },
  ]
}

function iis({ header, port, secrets }: LockdownFacts): string {
  // URL Rewrite reads a request header as HTTP_ and its name in capitals with underscores
  // (https://learn.microsoft.com/iis/extensions/url-rewrite-module/url-rewrite-module-configuration-reference).
  const input = `{HTTP_${header.toUpperCase().replaceAll('-', '_')}}`
  return lines(
    `<!-- web.config of the site on port ${port}. Where the file exists, add the rule as the first one. -->`,
    '<configuration>',
    '  <system.webServer>',
    '    <rewrite>',
    '      <rules>',
    `        <rule name="Only AstroRelay, port ${port}" stopProcessing="true">`,
    '          <match url=".*" />',
    '          <conditions logicalGrouping="MatchAll">',
    secrets.map(
      (secret) =>
        `            <add input="${xmlEscaped(input)}" pattern="${xmlEscaped(exactly(secret))}" ignoreCase="false" negate="true" />`,
    ),
    '          </conditions>',
    '          <action type="CustomResponse" statusCode="403" statusReason="Forbidden" statusDescription="Forbidden" />',
    '        </rule>',
    '      </rules>',
    '    </rewrite>',
    '  </system.webServer>',
    '</configuration>',
  )
}

function express({ header, port, secrets }: LockdownFacts): string {
  return lines(
    `// The app on port ${port}: right after "const app = express()", before every other app.use and route.`,
    "// In an ES module: import { createHash, timingSafeEqual } from 'node:crypto'",
    "const { createHash, timingSafeEqual } = require('node:crypto')",
    '',
    `const astrorelaySecrets = [${secrets.map(doubleQuoted).join(', ')}]`,
    "const astrorelayDigest = (text) => createHash('sha256').update(text).digest()",
    '',
    '// Digests have one length, and every secret is compared: the time it takes says nothing.',
    'function fromAstrorelay(request) {',
    `  const given = astrorelayDigest(String(request.headers[${doubleQuoted(header.toLowerCase())}] ?? ''))`,
    '  return astrorelaySecrets.map((secret) => timingSafeEqual(given, astrorelayDigest(secret))).includes(true)',
    '}',
    '',
    'app.use((request, response, next) => {',
    '  if (fromAstrorelay(request)) next()',
    "  else response.status(403).send('Forbidden')",
    '})',
    '',
    "// WebSockets do not pass app.use. In the server's 'upgrade' listener:",
    '// if (!fromAstrorelay(request)) return socket.destroy()',
  )
}

function django({ header, port, secrets }: LockdownFacts): string {
  return lines(
    `# astrorelay.py, beside settings.py of the project on port ${port}. In settings.py:`,
    '# MIDDLEWARE = ["yourproject.astrorelay.only_astrorelay", ... and the others]',
    'import hmac',
    '',
    'from django.http import HttpResponseForbidden',
    '',
    `SECRETS = [${secrets.map(doubleQuoted).join(', ')}]`,
    '',
    '',
    'def only_astrorelay(get_response):',
    '    def middleware(request):',
    '        # Bytes: compare_digest refuses text that is not ASCII.',
    `        given = request.headers.get(${doubleQuoted(header)}, "").encode("utf-8", "replace")`,
    '        # A list, so that every secret is compared and the time it takes says nothing.',
    '        if any([hmac.compare_digest(given, secret.encode()) for secret in SECRETS]):',
    '            return get_response(request)',
    '        return HttpResponseForbidden("Forbidden")',
    '',
    '    return middleware',
  )
}
