// The engine that containers run on: the first candidate that answers. Only then the client of the engine is loaded.
import { EvplatError } from '../../../../core/errors.ts'
import type { Engine } from '../engine.ts'
import { deniedHint } from '../errors.ts'
import { isOnThisMachine } from './address.ts'
import { type Answer, askEngine } from './ask-engine.ts'
import { type Candidate, findCandidates } from './candidates.ts'

type Env = Readonly<Record<string, string | undefined>>

export interface Asked {
  readonly candidate: Candidate
  readonly answer: Answer
}

const patienceMs = 2000

/** Asks the candidates of this machine one after the other, up to the first that answers. */
async function askInOrder(env: Env): Promise<readonly Asked[]> {
  const asked: Asked[] = []
  for (const candidate of await findCandidates(env)) {
    const answer = await askEngine(candidate, patienceMs)
    asked.push({ candidate, answer })
    if (answer.state === 'answers') break
  }
  return asked
}

/**
 * The engine of this machine. Throws `engine-missing`, `engine-denied` where this user may not use it, and `engine-unsupported`
 * for one that evplat can't speak to.
 */
export async function findEngine(env: Env): Promise<Engine> {
  const asked = await askInOrder(env)
  const last = asked.at(-1)
  if (last?.answer.state !== 'answers') throw noEngine(asked)
  const { connectEngine } = await import('../connect.ts')
  return connectEngine(last.candidate, last.answer, env)
}

/**
 * Whether an engine of this machine answers: what another one publishes on 127.0.0.1 would not be here. Nothing of its client is
 * loaded, and nothing is waited for but an engine that is there and still starts.
 */
export async function engineAnswers(env: Env): Promise<boolean> {
  const isHere = ({ address }: Candidate): boolean => address !== undefined && isOnThisMachine(address)
  const candidates = (await findCandidates(env)).filter(isHere)
  const answers = await Promise.all(candidates.map((candidate) => askEngine(candidate, patienceMs)))
  return answers.some(({ state }) => state === 'answers')
}

/** Every candidate with its answer, those after the first that answers, too. */
export async function askAll(env: Env): Promise<readonly Asked[]> {
  return Promise.all(
    (await findCandidates(env)).map(async (candidate) => ({
      candidate,
      answer: await askEngine(candidate, patienceMs),
    })),
  )
}

/** What became of a candidate, in a few words. */
export function answerText(answer: Answer): string {
  switch (answer.state) {
    case 'answers':
      return `${answer.product} ${answer.version}, API ${answer.api}`
    case 'absent':
      return 'not there'
    case 'denied':
      return 'this user may not'
    case 'silent':
    case 'unsupported':
      return answer.problem
  }
}

const elsewhere = 'or let `stack.runtime` in platform.yaml be `embedded`, which needs no engine'

function noEngine(asked: readonly Asked[]): EvplatError {
  const lines = asked.map(({ candidate: { source, title }, answer }) => `${title} (${source}): ${answerText(answer)}`)
  const parts = { said: lines.join('\n'), saidBy: 'tried' }
  const denied = asked.find(({ answer }) => answer.state === 'denied')
  if (denied)
    return new EvplatError('engine-denied', `this user may not use the engine at "${denied.candidate.title}"`, {
      ...parts,
      hint: deniedHint(denied.candidate.title),
    })
  const [first] = asked
  if (asked.length === 1 && first?.answer.state === 'unsupported')
    return new EvplatError('engine-unsupported', `evplat can't use the engine of ${first.candidate.source}`, {
      ...parts,
      hint: `name another in DOCKER_HOST, \`unix:///var/run/docker.sock\` for one, or choose it by \`docker context use\`; ${elsewhere}`,
    })
  return new EvplatError('engine-missing', 'no container engine answers', {
    ...parts,
    hint: `start Docker or Podman, or name its socket in DOCKER_HOST; ${elsewhere}`,
  })
}
