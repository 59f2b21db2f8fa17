// Prometheus's text format 0.0.4, read strictly: what is not exactly in the format throws.

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly samples: readonly Sample[]
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y
const endings: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
}

/** All families. Checks names, one HELP and TYPE each, no series twice, counters by their ending, and the sums of histograms. */
export function parsePrometheus(text: string): readonly Family[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const blocks = text.trimEnd().split(/\n(?=# HELP )/)
  const families = blocks.map((block) => familyOf(block.split('\n').filter((line) => line !== '')))
  const names = families.map(({ name }) => name)
  if (new Set(names).size < names.length) throw new Error(`a family comes twice: ${names.join(' ')}`)
  return families
}

function familyOf([help = '', type = '', ...lines]: readonly string[]): Family {
  const [, name = '', text = ''] = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(help) ?? fail(help)
  const [, typeOf = '', kind = ''] = /^# TYPE (\S+) (\S+)$/.exec(type) ?? fail(type)
  const allowed = endings[kind] ?? fail(type)
  if (typeOf !== name) fail(type)
  if (kind === 'counter' && !name.endsWith('_total')) fail(`${name} is a counter`)
  const samples = lines.map(sampleOf)
  const series = samples.map((sample) => `${sample.name} ${textOf(sample.labels)}`)
  if (new Set(series).size < series.length) fail(`${name} has a series twice`)
  for (const sample of samples) if (!allowed.some((ending) => sample.name === name + ending)) fail(sample.name)
  if (kind === 'histogram') checkHistogram(name, samples)
  return { name, help: text, type: kind, samples }
}

function sampleOf(line: string): Sample {
  const [, name = '', inner = '', value = ''] = sampleLine.exec(line) ?? fail(line)
  if (!/^(\+Inf|-Inf|NaN|Nan|-?\d+(\.\d+)?(e[+-]?\d+)?)$/.test(value)) fail(line)
  const labels: Record<string, string> = {}
  for (let at = 0; at < inner.length; at = label.lastIndex) {
    label.lastIndex = at
    const [, key = '', text = ''] = label.exec(inner) ?? fail(line)
    if (Object.hasOwn(labels, key)) fail(line)
    labels[key] = text.replace(/\\(.)/g, (_all, escaped: string) => (escaped === 'n' ? '\n' : escaped))
  }
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) }
}

/** Buckets grow, end with +Inf, and that is the count. */
function checkHistogram(name: string, samples: readonly Sample[]): void {
  const of = ({ labels: { le: _le, ...labels } }: Sample): string => textOf(labels)
  for (const series of new Set(samples.map(of))) {
    const mine = samples.filter((sample) => of(sample) === series)
    const buckets = mine.filter((sample) => sample.name === `${name}_bucket`)
    const count = mine.find((sample) => sample.name === `${name}_count`)
    const values = buckets.map(({ value }) => value)
    if (buckets.at(-1)?.labels['le'] !== '+Inf' || values.at(-1) !== count?.value) fail(`${name}${series}`)
    if (values.some((value, index) => value < (values[index - 1] ?? 0))) fail(`${name}${series}`)
    if (!mine.some((sample) => sample.name === `${name}_sum`)) fail(`${name}${series}`)
  }
}

function textOf(labels: Readonly<Record<string, string>>): string {
  const byName = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(byName)
}

function fail(what: string): never {
  throw new Error(`not in the text format: ${what}`)
}
