// What an engine tells of a pull, event by event, as one figure over all layers.
import type { PullProgress } from './engine.ts'

/** An event of a pull: of one layer, or of the whole (its `id` is the tag then). */
export interface PullEvent {
  readonly status?: string
  readonly id?: string
  readonly progressDetail?: { readonly current?: number; readonly total?: number }
  readonly error?: string
}

interface Layer {
  downloaded: number
  total: number
  isDone: boolean
}

/** Takes events and answers how far the pull is. */
export function pullMeter(): (event: PullEvent) => PullProgress {
  const layers = new Map<string, Layer>()
  return (event) => {
    take(layers, event)
    const all = [...layers.values()]
    const sum = (of: (layer: Layer) => number): number => all.reduce((total, layer) => total + of(layer), 0)
    return {
      downloadedBytes: sum((layer) => layer.downloaded),
      totalBytes: sum((layer) => layer.total),
      layers: all.length,
      layersDone: all.filter((layer) => layer.isDone).length,
    }
  }
}

/** What is said of a layer once all of it is here, and once it is in place. */
const here = ['Verifying Checksum', 'Download complete', 'Extracting', 'Pull complete', 'Already exists']
const inPlace = ['Pull complete', 'Already exists']
const begun = ['Pulling fs layer', 'Waiting']

function take(layers: Map<string, Layer>, { status = '', id, progressDetail = {} }: PullEvent): void {
  const isOfLayer = status === 'Downloading' || here.includes(status) || begun.includes(status)
  // `Pulling from library/postgres` is said of the whole
  if (id === undefined || !isOfLayer) return
  const layer = layers.get(id) ?? { downloaded: 0, total: 0, isDone: false }
  layers.set(id, layer)
  if (status === 'Downloading') {
    const { current = layer.downloaded, total = 0 } = progressDetail
    layer.total = Math.max(layer.total, total, current)
    layer.downloaded = current
  }
  if (here.includes(status)) layer.downloaded = layer.total
  if (inPlace.includes(status)) layer.isDone = true
}
