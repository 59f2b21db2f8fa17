// The rules for names of topics, in the words of the server.

const longestName = 249
const legal = /^[a-zA-Z0-9._-]+$/

/** Why a text can't be a topic's name, or undefined when it can. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'Topic name is invalid: the empty string is not allowed'
  if (name === '.') return "Topic name is invalid: '.' is not allowed"
  if (name === '..') return "Topic name is invalid: '..' is not allowed"
  if (name.length > longestName)
    return `Topic name is invalid: the length of '${name}' is longer than the max allowed length ${longestName}`
  if (!legal.test(name))
    return `Topic name is invalid: '${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
  return undefined
}

/** Names that differ only in `.` and `_` collide, because metrics spell both alike. */
export function collisionKey(name: string): string {
  return name.replaceAll('.', '_')
}

/** Topics of the broker's own. */
export function isInternalName(name: string): boolean {
  return name === '__consumer_offsets' || name === '__transaction_state'
}
