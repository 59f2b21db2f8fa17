import type { FastifyInstance } from 'fastify';
import type { DeclaredService, Listeners, Log, Producer, Topics } from './definition.js';
/** A schema of any library that keeps to Standard Schema, version 1: zod, valibot, arktype. */
export interface ConfigSchema<Config> {
    readonly '~standard': {
        readonly version: 1;
        readonly vendor: string;
        readonly validate: (value: unknown) => ConfigResult<Config> | Promise<ConfigResult<Config>>;
        readonly types?: {
            readonly input: unknown;
            readonly output: Config;
        } | undefined;
    };
}
type ConfigResult<Config> = {
    readonly value: Config;
    readonly issues?: undefined;
} | {
    readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly (PropertyKey | {
            readonly key: PropertyKey;
        })[] | undefined;
    }[];
};
/** What routes, health checks and hooks get. */
export interface ServiceContext<T extends Topics, Config> {
    readonly config: Config;
    readonly producer: Producer<T>;
    readonly log: Log;
}
export interface ServiceDefinition<T extends Topics, Config> {
    /** from `src/generated/topics.ts`, as `topics` is */
    readonly service: DeclaredService;
    readonly topics: T;
    /** of the keys under `app:` in application.yaml */
    readonly config?: ConfigSchema<Config>;
    /** the service's own routes */
    readonly http?: (app: FastifyInstance, context: ServiceContext<T, Config>) => void | Promise<void>;
    readonly listeners?: Listeners<T>;
    /** by name; one that throws is DOWN and says why */
    readonly health?: Readonly<Record<string, (context: ServiceContext<T, Config>) => void | Promise<void>>>;
    /** before the first request and the first record */
    readonly onStart?: (context: ServiceContext<T, Config>) => void | Promise<void>;
    /** after the last of both */
    readonly onStop?: (context: ServiceContext<T, Config>) => void | Promise<void>;
}
/**
 * A service as plain data that tools can read. Throws `usage` for a listener of a topic that platform.yaml does not let the service
 * consume, and where it lets it consume one that nobody listens to.
 */
export declare function defineService<const T extends Topics, Config = unknown>(definition: ServiceDefinition<T, Config>): ServiceDefinition<T, Config>;
export {};
