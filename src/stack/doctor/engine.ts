// The container engines of this machine, and which of them a stack would run on.
import { isOnThisMachine } from '../docker/engine/discovery/address.ts'
import { type Asked, answerText } from '../docker/engine/discovery/find-engine.ts'
import { deniedHint } from '../docker/engine/errors.ts'
import type { Check } from './check.ts'

/** The first candidate that answers, as `up` takes it. */
export function answering(asked: readonly Asked[]): Asked | undefined {
  return asked.find(({ answer }) => answer.state === 'answers')
}

/** What became of the candidates; one that is needed and is not there is `missing`. */
export function engineCheck(asked: readonly Asked[], isNeeded: boolean): Check {
  const name = 'engine'
  const lines = asked.map(({ candidate: { source, title }, answer }) => `${title} (${source}): ${answerText(answer)}`)
  // a list of one says nothing that the fact does not say
  const tried = lines.length > 1 ? { tried: lines } : {}
  const found = answering(asked)
  if (!found) {
    const denied = asked.find(({ answer }) => answer.state === 'denied')
    return {
      name,
      state: isNeeded ? 'missing' : 'warning',
      fact: denied
        ? `this user may not use the engine at ${denied.candidate.title}`
        : `no container engine answers${isNeeded ? '' : '; only the runtime docker needs one'}`,
      remedy: denied ? deniedHint(denied.candidate.title) : 'start Docker or Podman, or name its socket in DOCKER_HOST',
      ...tried,
    }
  }
  const { title, address } = found.candidate
  const fact = `${answerText(found.answer)}, at ${title}`
  if (!address || isOnThisMachine(address)) return { name, state: 'ok', fact, ...tried }
  return {
    name,
    state: 'warning',
    fact: `${fact}: what it publishes on 127.0.0.1 is on that machine, not on this one`,
    remedy: 'choose an engine of this machine by DOCKER_HOST or `docker context use`',
    ...tried,
  }
}
