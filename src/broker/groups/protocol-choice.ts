// Which protocol a group follows: one that all members know, by their votes.
import type { Group } from './group.ts'
import type { JoinRequest } from './requests.ts'

function isKnownToAll({ members }: Group, name: string): boolean {
  return [...members.values()].every(({ terms }) => terms.protocols.some((protocol) => protocol.name === name))
}

/** Whether somebody who comes with these protocols fits to those who are there. */
export function fits(
  group: Group,
  { protocolType, protocols }: Pick<JoinRequest, 'protocolType' | 'protocols'>,
): boolean {
  if (group.state === 'Empty') return protocolType !== '' && protocols.length > 0
  return protocolType === group.protocolType && protocols.some(({ name }) => isKnownToAll(group, name))
}

/** The protocol that most members prefer among those that all know; undefined when there is none. */
export function chooseProtocol(group: Group): string | undefined {
  const votes = new Map<string, number>()
  for (const { terms } of group.members.values()) {
    const choice = terms.protocols.find(({ name }) => isKnownToAll(group, name))
    if (choice) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1)
  }
  const most = Math.max(...votes.values())
  return [...votes].find(([, count]) => count === most)?.[0]
}
