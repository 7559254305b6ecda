import type { Row, Spread } from './row'

/** The rows as text for a terminal, the other programs' figures below each. */
export function textTable(rows: readonly Row[]): string {
  const lines = rows.flatMap((row) => [[row.figure, measured(row), row.goal, verdict(row), row.note], ...others(row)])
  const all = [['figure', 'measured', 'goal', 'holds', 'how'], ...lines]
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? []
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The same rows as Markdown. */
export function markdownTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.figure,
    measured(row),
    others(row)
      .map(([name = '', figures = '']) => `${name.trim()} ${figures}`)
      .join('<br>'),
    row.goal,
    verdict(row),
    row.note,
  ])
  const all = [
    ['figure', 'AstroRelay', 'others (ours ÷ theirs)', 'goal', 'holds', 'how'],
    ['---', '---', '---', '---', '---', '---'],
    ...lines,
  ]
  return all.map((line) => `| ${line.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
}

function measured({ value, unit, programs, figure }: Row): string {
  if (value === null) return '–'
  const [ours] = Object.values(programs ?? {})
  return figure !== '' && ours ? `${span(ours)} ${unit}` : `${number(value)} ${unit}`
}

/** Everyone but the first, who is us. */
function others({ programs = {}, ratios = {} }: Row): string[][] {
  return Object.entries(programs)
    .slice(1)
    .map(([name, figures]) => [
      `  ${name}`,
      `${span(figures)}${ratios[name] === undefined || !Number.isFinite(ratios[name]) ? '' : ` (× ${ratios[name].toFixed(2)})`}`,
      '',
      '',
      '',
    ])
}

function span({ median, min, max }: Spread): string {
  return `${number(median)} (${number(min)}–${number(max)})`
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 2 })
}

function verdict({ holds }: Row): string {
  return holds === null ? '–' : holds ? 'yes' : 'NO'
}
