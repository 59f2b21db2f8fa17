import { describe, expect, test } from 'vitest'
import { containerOf, smallEngine } from '../../../test/support/small-engine.ts'
import { layoutOf } from '../layout.ts'
import { endedError } from './ended.ts'
import type { ContainerDetails, ContainerSummary, Engine } from './engine/engine.ts'
import { readContainerStatus, withFigures } from './status.ts'

const kafka = containerOf('kafka', {}, { state: 'exited' })
const servers = [{ name: 'kafka', endpoint: '127.0.0.1:1', inside: 'kafka:29092' }]
const known = { ...servers[0], image: 'kafka:1' }

const ended = (exitCode: number, wasOutOfMemory = false) => ({
  inspect: () => Promise.resolve<ContainerDetails>({ exitCode, wasOutOfMemory, error: '', restarts: 0 }),
})
const gone = { inspect: () => Promise.resolve(undefined) }

const look = (instead: Partial<Engine>, containers: readonly ContainerSummary[] = [kafka]) =>
  readContainerStatus({ engine: smallEngine({ instead }), layout: layoutOf('/nowhere'), servers, containers })

describe('a server whose container has ended', () => {
  test.each([
    [1, false, 'failed', 'exit code 1'],
    [137, false, 'failed', 'exit code 137 (SIGKILL)'],
    [137, true, 'failed', 'exit code 137 (SIGKILL): there was no more memory for it'],
    // `docker compose stop`, or an engine that was stopped: it ended in peace, as it was asked
    [143, false, 'stopped', 'exit code 143 (SIGTERM)'],
    [0, false, 'stopped', 'exit code 0'],
  ])('with %s, out of memory %s, is %s', async (exitCode, wasOutOfMemory, state, detail) => {
    expect(await look(ended(exitCode, wasOutOfMemory))).toEqual([{ ...known, state, detail }])
  })

  test('and is removed while one looks, is stopped', async () => {
    expect(await look(gone)).toEqual([{ ...servers[0], state: 'stopped' }])
  })

  test('and is removed while its figures are asked, has none', async () => {
    const running = { ...kafka, state: 'running' as const }
    const status = { name: 'kafka', endpoint: '127.0.0.1:1', state: 'ready' as const }
    const engine = smallEngine({ instead: gone })
    expect(await withFigures({ engine, containers: [running] }, [status])).toEqual([status])
  })

  test('and was removed while it was started, is told as that', async () => {
    expect(await endedError(smallEngine({ instead: gone }), 'kafka', 'id')).toMatchObject({
      code: 'server-failed',
      message: 'the container of kafka was removed while it was started',
    })
  })
})
