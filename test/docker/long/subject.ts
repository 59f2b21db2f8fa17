// A stack that is brought up and down again and again, and what must hold whenever a command has ended well.
import { existsSync, readdirSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { waitFor } from '../../../src/core/deadline.ts'
import {
  type Ended,
  type Platform,
  type PlatformOptions,
  answers,
  newPlatform,
  processesOf,
} from '../../support/platforms.ts'
import { readValues, writeValues } from '../../support/records.ts'
import { type Docker, dockerFor } from '../lab/client.ts'
import type { LabEngine } from '../lab/lab.ts'
import { allThings, containersOf } from '../project-things.ts'

export interface SubjectOptions {
  readonly engine: LabEngine
  /** also part of the folder's name */
  readonly project: string
  /** what stands in `stack.kafka` */
  readonly kafka: string
  /** what else stands in `stack` */
  readonly more?: string
  /** for DOCKER_HOST where it is not the engine's own */
  readonly host?: string
}

export type Command = 'up' | 'down' | 'down --volumes --yes'

const topic = 'kept'

/** the parts of an engine go a moment after what they were for */
const goneMs = 15_000

export class Subject {
  readonly platform: Platform
  private readonly docker: Docker
  private readonly options: SubjectOptions
  /** the values that the topic must have */
  private written: string[] = []
  /** whether a deletion that was not brought to its end may have taken them */
  private mayBeGone = false
  /** the ports that it had last: with its data their record goes, too */
  private ports: number[] = []
  private count = 0

  private constructor(options: SubjectOptions, platform: Platform) {
    this.options = options
    this.platform = platform
    this.docker = dockerFor(options.engine)
  }

  static async make(options: SubjectOptions): Promise<Subject> {
    const { engine, project, kafka, more, host = engine.host } = options
    const given: PlatformOptions = { runtime: 'docker', project, name: project, kafka, env: { DOCKER_HOST: host } }
    return new Subject(options, await newPlatform({ ...given, ...(more !== undefined && { more }) }))
  }

  run(command: Command): Promise<Ended> {
    this.noteBegun(command)
    return this.platform.run(...command.split(' '))
  }

  /** Runs a command; what is wrong then. */
  async bring(command: Command): Promise<string[]> {
    return this.problemsAfter(command, await this.run(command))
  }

  /** Nothing of it is to be in the way of the next one. */
  end(): Promise<string[]> {
    return this.bring('down --volumes --yes')
  }

  /** To be called where a command is begun by another way than `run`. */
  noteBegun(command: Command): void {
    if (command.includes('--volumes')) this.mayBeGone = true
  }

  /** What is wrong after a command that was to bring the stack into a state. */
  async problemsAfter(command: Command, { code, stderr }: Ended): Promise<string[]> {
    if (code !== 0) return [`${command} ended with ${code}:\n${stderr.trimEnd()}`]
    try {
      return command === 'up' ? await this.whatIsNotUp() : await this.whatIsLeft(command !== 'down')
    } catch (thrown) {
      return [`after ${command}: ${thrown instanceof Error ? thrown.message : String(thrown)}`]
    }
  }

  /** A value more is written each time, so that the next look has something to find. */
  private async whatIsNotUp(): Promise<string[]> {
    const wrong = await this.notReady()
    if (wrong.length > 0) return wrong
    this.ports = await this.recordedPorts()
    const bootstrap = await this.platform.endpoint('kafka')
    const value = `value ${++this.count}`
    await writeValues(bootstrap, topic, [value])
    const found = await readValues(bootstrap, topic)
    const expected = [...this.written, value]
    const isFresh = this.mayBeGone && found.length === 1 && found[0] === value
    if (!isFresh && String(found) !== String(expected))
      wrong.push(`values ${found.join()} in place of ${expected.join()}`)
    this.written = found
    this.mayBeGone = false
    return [...wrong, ...(await this.notReady()), ...this.notes(/^(lock|stopping-|deleting)/)]
  }

  private async notReady(): Promise<string[]> {
    const { servers } = await this.platform.status()
    const containers = Object.keys(await containersOf(this.docker, this.options.project)).toSorted()
    const names = servers.map(({ name }) => name)
    const wrong = servers.filter(({ state }) => state !== 'ready')
    return [
      ...wrong.map(({ name, state, detail }) => `${name} is ${state}: ${detail}`),
      // with several brokers the first name stands for all
      ...containers.filter((name) => !names.includes(name)).map((name) => `${name} has a container and no state`),
      ...(containers.length === 0 ? ['there is no container'] : []),
    ]
  }

  private async recordedPorts(): Promise<number[]> {
    const { brokers, registry, zookeeper = [], services = {} } = (await this.platform.record()).ports
    return [brokers, registry, zookeeper, Object.values(services)].flat()
  }

  /** What a stack that is down must not have left: on the engine, which nobody else uses, and on this machine. */
  private async whatIsLeft(withVolumes: boolean): Promise<string[]> {
    if (withVolumes) {
      this.written = []
      this.mayBeGone = false
    }
    const { containers, networks, volumes } = await allThings(this.docker)
    const keeps = (volume: string): boolean => !withVolumes && volume.startsWith(`${this.options.project}_`)
    return [
      ...containers.map((name) => `container ${name}`),
      ...networks.map((name) => `network ${name}`),
      ...volumes.filter((name) => !keeps(name)).map((name) => `volume ${name}`),
      ...(await this.portsThatAnswer()),
      ...processesOf(this.platform.folder).map(({ command }) => `process ${command}`),
      ...(await this.keepersOfContainers()),
      // one that was killed deletes the rest with the next `up`
      ...this.notes(withVolumes ? /^(lock|stopping-|deleting)/ : /^(lock|stopping-)/),
      ...(withVolumes ? this.stateFiles() : []),
    ].map((what) => `left ${what}`)
  }

  private async portsThatAnswer(): Promise<string[]> {
    const answering = await Promise.all(this.ports.map((port) => answers(port)))
    return this.ports.filter((_, i) => answering[i]).map((port) => `port ${port}`)
  }

  /** The processes of the engine that each hold one container. */
  private async keepersOfContainers(): Promise<string[]> {
    let found: string[] = []
    const areGone = async (): Promise<true | undefined> => {
      const lines = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(commandLine))
      found = lines.filter(
        (line) => line.includes('containerd-shim') && line.includes(`${this.options.engine.folder}/`),
      )
      return found.length === 0 ? true : undefined
    }
    await waitFor(areGone, { timeoutMs: goneMs })
    return found.map((line) => `process ${line}`)
  }

  /** What commands write down while they work. */
  private notes(pattern: RegExp): string[] {
    const root = join(this.platform.folder, '.evplat')
    return existsSync(root) ? readdirSync(root).filter((name) => pattern.test(name)) : []
  }

  private stateFiles(): string[] {
    const names = ['stack.json', 'data', 'data.deleted', 'logs', 'secrets']
    return names.filter((name) => existsSync(join(this.platform.folder, '.evplat', name)))
  }
}

const commandLine = (pid: string): Promise<string> =>
  readFile(`/proc/${pid}/cmdline`, 'utf8').then(
    (text) => text.replaceAll('\0', ' '),
    () => '',
  )
