// What the docker runtime needs of a container engine, in our own words: the port that `engine/` fills with dockerode.

/** What became of a container, as the engine lists it: no request of its own. */
export interface ContainerSummary {
  readonly id: string
  /** its name at the engine: `shop-kafka-1-1` */
  readonly name: string
  /** the server that it is, `kafka-1` */
  readonly server: string
  readonly labels: Readonly<Record<string, string>>
  /** as it was asked for: `confluentinc/cp-kafka:7.9.1` */
  readonly image: string
  /** tells that image from another one that has its name by now */
  readonly imageId: string
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'
  /** what the engine's own health check says; undefined where there is none */
  readonly health?: 'starting' | 'healthy' | 'unhealthy'
  /** what is published on this machine */
  readonly ports: readonly PortBinding[]
}

export interface PortBinding {
  /** on 127.0.0.1 of this machine */
  readonly host: number
  readonly container: number
}

export interface ContainerDetails {
  /** of one that has ended */
  readonly exitCode: number
  readonly wasOutOfMemory: boolean
  /** the engine's own words on why it could not be started */
  readonly error: string
  /** milliseconds since 1970; undefined for one that was never started */
  readonly startedAt?: number
  readonly restarts: number
}

/** What a container is made of. */
export interface ContainerSpec {
  /** its name at the engine: `shop-kafka-1` */
  readonly name: string
  readonly image: string
  readonly hostname: string
  readonly environment: Readonly<Record<string, string>>
  readonly command?: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly ports: readonly PortBinding[]
  /** `volume` is its name at the engine */
  readonly volumes: readonly { readonly volume: string; readonly target: string }[]
  /** single files of this machine, absolute, mounted read-only */
  readonly files: readonly { readonly source: string; readonly target: string }[]
  readonly healthCheck?: HealthCheck
  readonly network: string
  /** names under which other containers of the network find it */
  readonly aliases: readonly string[]
  /** how long it may take to end in peace, in seconds */
  readonly stopSeconds: number
}

export interface HealthCheck {
  /** `CMD` and a program with its arguments */
  readonly test: readonly string[]
  readonly intervalSeconds: number
  readonly timeoutSeconds: number
  readonly retries: number
  readonly startPeriodSeconds: number
}

export interface Named {
  /** its name at the engine: `shop_default`, `shop_kafka-1-data` */
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

/** How far a pull is, over all layers. */
export interface PullProgress {
  readonly downloadedBytes: number
  /** of the layers that have told their size so far */
  readonly totalBytes: number
  readonly layers: number
  readonly layersDone: number
}

export interface ContainerEvent {
  readonly id: string
  readonly action: 'start' | 'die'
  /** with `die` */
  readonly exitCode?: number
}

export interface Build {
  /** what it is called: `evplat/schema-registry:0.1.0` */
  readonly image: string
  /** a folder of this machine, absolute, with the Dockerfile in it */
  readonly context: string
  readonly dockerfile: string
  /** the image that it is made from, which the engine pulls where it is missing */
  readonly base: string
  readonly arguments: Readonly<Record<string, string>>
}

/**
 * A container engine that has answered. What it refuses is thrown as an EvplatError: `engine-away` (it does not answer any more),
 * `engine-denied` (no permission), `image-missing`, `image-unfit` (another architecture), `disk-full`, `port-taken`, `engine-refused`
 * (anything else, in its own words), and of `pull` `download-failed` (its registry is not reached). Each method is one request.
 */
export interface Engine {
  /** for people: `Docker 20.10.24 at unix:///var/run/docker.sock` */
  readonly title: string
  /** all containers that carry these labels (without labels, of whomsoever), the stopped ones, too */
  readonly containers: (labels: Readonly<Record<string, string>>) => Promise<readonly ContainerSummary[]>
  /** undefined where there is none (any more) */
  readonly inspect: (id: string) => Promise<ContainerDetails | undefined>
  /** ids of the images that are there, by name as `shortName` writes it: `postgres:17`, `evplat/schema-registry:0.1.0` */
  readonly images: () => Promise<ReadonlyMap<string, string>>
  /** uses the credentials that `docker login` left */
  readonly pull: (image: string, onProgress: (progress: PullProgress) => void, signal: AbortSignal) => Promise<void>
  /** errors are as those of `pull`, about its base */
  readonly build: (build: Build, onStep: (step: string) => void, signal: AbortSignal) => Promise<void>
  /** makes a network where there is none of its name */
  readonly createNetwork: (network: Named) => Promise<void>
  /** is content where there is none */
  readonly removeNetwork: (name: string) => Promise<void>
  /** makes a volume where there is none of its name; answers the one that is there then */
  readonly createVolume: (volume: Named) => Promise<Named>
  readonly volumes: (labels: Readonly<Record<string, string>>) => Promise<readonly Named[]>
  /** is content where there is none */
  readonly removeVolume: (name: string) => Promise<void>
  /** answers its id; one of the same name is `name-taken` */
  readonly create: (spec: ContainerSpec) => Promise<string>
  readonly start: (id: string) => Promise<void>
  /** with SIGTERM, and SIGKILL after so many seconds; is content where it does not run */
  readonly stop: (id: string, seconds: number) => Promise<void>
  /** kills it first where it runs; is content where there is none */
  readonly remove: (id: string) => Promise<void>
  /** lines of standard output and error as they came, each with its time (RFC 3339) before it; ends with the container, or with the signal */
  readonly logs: (
    id: string,
    options: { readonly tail: number; readonly follow: boolean; readonly signal: AbortSignal },
  ) => AsyncIterable<string>
  /** what happens to containers with these labels from now on; resolves when the engine listens */
  readonly events: (
    labels: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<AsyncIterable<ContainerEvent>>
  /** bytes of memory that it takes now; undefined where the engine does not count, or there is no such container (any more) */
  readonly memory: (id: string) => Promise<number | undefined>
}
