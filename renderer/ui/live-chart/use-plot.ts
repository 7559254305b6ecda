import { type RefObject, useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { ChartData } from './chart-data'
import { chartOptions, type ChartSetup } from './chart-options'

export interface PlotProps extends Omit<ChartSetup, 'width' | 'lines'> {
  /** Null: nothing known yet; the axes are drawn all the same. */
  readonly data: ChartData | null
  readonly lines: ChartSetup['lines']
  readonly from: number
  readonly to: number
}

/** Keeps a uPlot in the element: new when the look changes, else only new data, range and size. Lines and height stay as first given. */
export function usePlot(element: RefObject<HTMLDivElement | null>, props: PlotProps): RefObject<uPlot | null> {
  const plot = useRef<uPlot | null>(null)
  const latest = useRef(props)

  useEffect(() => {
    latest.current = props
    if (plot.current && !document.hidden) show(plot.current, props)
  })

  useEffect(() => {
    const host = element.current
    if (!host) return undefined
    const build = (): void => {
      plot.current?.destroy()
      const setup = {
        ...latest.current,
        width: Math.max(1, host.clientWidth),
        onCursor: (index: number | null) => latest.current.onCursor(index),
      }
      plot.current = new uPlot(chartOptions(setup, styleOf(host)), aligned(latest.current), host)
      show(plot.current, latest.current)
    }
    build()
    const sizes = new ResizeObserver(() => plot.current?.setSize({ width: Math.max(1, host.clientWidth), height: latest.current.height }))
    const looks = new MutationObserver(build)
    sizes.observe(host)
    looks.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      sizes.disconnect()
      looks.disconnect()
      plot.current?.destroy()
      plot.current = null
    }
  }, [element])

  return plot
}

function show(plot: uPlot, props: PlotProps): void {
  plot.setData(aligned(props), false)
  // Setting the scale draws once, with the data just given.
  plot.setScale('x', { min: props.from, max: props.to })
}

function aligned({ data, lines }: PlotProps): uPlot.AlignedData {
  if (data === null) return [[], ...lines.map(() => [])]
  return [[...data.times], ...data.lines.map(({ values }) => [...values])]
}

function styleOf(host: HTMLElement): { color: (token: string) => string; font: string } {
  const style = getComputedStyle(host)
  return { color: (token) => style.getPropertyValue(token).trim(), font: `500 11px ${style.fontFamily}` }
}
