// What Kafka takes as the name of a topic: org.apache.kafka.common.internals.Topic.

/** Why Kafka or evplat does not take a name, as the end of the sentence `"x" ...`; undefined for a good one. */
export function topicNameProblem(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (name === '.' || name === '..') return 'is a name that Kafka keeps for itself'
  if (name.length > 249) return `has ${name.length} characters, and Kafka takes 249`
  const wrong = /[^\w.-]/u.exec(name)
  if (wrong) return `has ${JSON.stringify(wrong[0])} in it, and Kafka takes letters, digits, ".", "_" and "-" only`
  if (name.startsWith('__') || name === '_schemas') return 'is the name of an internal topic'
  return undefined
}

/** Names that share this one share their metrics in Kafka, which therefore refuses the second. */
export function metricName(name: string): string {
  return name.replaceAll('.', '_')
}
