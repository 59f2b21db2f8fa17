import type { Json } from '../core/json.js';
/** How the bytes of a key or value are written; `schema` holds every type that it needs. */
export type TopicFormat = {
    readonly kind: 'string' | 'json' | 'bytes';
} | {
    readonly kind: 'avro';
    readonly subject: string;
    readonly schema: Json;
};
/**
 * A topic of `src/generated/topics.ts`. `types` is never there: it carries the types of key and value, and of what may be sent
 * as the value, where fields with a default may be missing.
 */
export interface Topic<Key = unknown, Value = unknown, Sent = Value> {
    readonly key: TopicFormat;
    readonly value: TopicFormat;
    /** the service may send to it */
    readonly produced: boolean;
    /** the service may listen to it */
    readonly consumed: boolean;
    readonly types?: {
        readonly key: Key;
        readonly value: Value;
        readonly sent: Sent;
    };
}
export type Topics = Readonly<Record<string, Topic>>;
export type KeyOf<T> = T extends Topic<infer Key, unknown, unknown> ? Key : never;
export type ValueOf<T> = T extends Topic<unknown, infer Value, unknown> ? Value : never;
export type SentOf<T> = T extends Topic<unknown, unknown, infer Sent> ? Sent : never;
/** What platform.yaml declares of the service (`src/generated/topics.ts`). */
export interface DeclaredService {
    readonly name: string;
    readonly group: string;
    readonly port?: number;
    readonly failures?: {
        readonly attempts: number;
        readonly retryMs: readonly number[];
        readonly then: 'dlt' | 'skip' | 'stop';
    };
}
export interface Log {
    debug(fields: object, message: string): void;
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
}
/** Where a sent record stands; `id` is its `ce_id` header. The offset is -1 where the brokers had it from an earlier try and no longer say where. */
export interface Sent {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    /** ISO 8601, milliseconds */
    readonly timestamp: string;
    readonly id: string;
}
export interface SendOptions<Key> {
    readonly key?: Key;
    readonly headers?: Readonly<Record<string, string>>;
    readonly id?: string;
    readonly partition?: number;
}
export interface Producer<T extends Topics> {
    /** Resolves when the brokers have acknowledged the event. Throws for an event that does not go with the topic's schema. */
    send<Name extends string & keyof T>(topic: Name, event: SentOf<T[Name]>, options?: SendOptions<KeyOf<T[Name]>>): Promise<Sent>;
}
/** What a handler gets beside the event. */
export interface Delivery<T extends Topics, Name extends keyof T> {
    readonly topic: Name;
    readonly partition: number;
    readonly offset: number;
    /** ISO 8601, milliseconds */
    readonly timestamp: string;
    readonly key: KeyOf<T[Name]> | null;
    readonly headers: ReadonlyMap<string, Buffer | null>;
    /** `ce_id`, else topic-partition-offset */
    readonly id: string;
    /** 1 for the first */
    readonly attempt: number;
    /** aborts when the partition is lost or the service has to end */
    readonly signal: AbortSignal;
    readonly log: Log;
    readonly producer: Producer<T>;
}
/** A record is handled when the function has returned, or its promise is resolved; with what, is not looked at. */
export type Handler<T extends Topics, Name extends keyof T> = (event: ValueOf<T[Name]>, delivery: Delivery<T, Name>) => unknown;
/** An event of a batch, and its delivery. */
export interface BatchItem<T extends Topics, Name extends keyof T> {
    readonly event: ValueOf<T[Name]>;
    readonly delivery: Delivery<T, Name>;
}
/** What a handler of batches gets beside them. */
export interface BatchContext<T extends Topics> {
    /** One record was not handled: it goes the way of failed records, the others count as handled. */
    failed(index: number, error: unknown): void;
    readonly signal: AbortSignal;
    readonly log: Log;
    readonly producer: Producer<T>;
}
/** Records of one partition, in order. What it throws is the error of each record that it has not named itself. */
export type BatchHandler<T extends Topics, Name extends keyof T> = (batch: readonly BatchItem<T, Name>[], context: BatchContext<T>) => unknown;
/** One record for each call. */
export interface RecordListener<T extends Topics, Name extends keyof T> extends CommonOptions<T, Name> {
    readonly handle: Handler<T, Name>;
    readonly handleBatch?: never;
    /** order is kept by partition, or by key; `max` handlers at once of one partition (by key) */
    readonly concurrency?: {
        readonly by: 'partition' | 'key';
        readonly max: number;
    };
}
/** Many records for each call, one call after the other for each partition. */
export interface BatchListener<T extends Topics, Name extends keyof T> extends CommonOptions<T, Name> {
    readonly handleBatch: BatchHandler<T, Name>;
    readonly handle?: never;
    /** how many records, 500 without it, and how long the first one waits for others, not at all without it */
    readonly batch?: {
        readonly max?: number;
        readonly waitMs?: number;
    };
}
export type ListenerOptions<T extends Topics, Name extends keyof T> = RecordListener<T, Name> | BatchListener<T, Name>;
interface CommonOptions<T extends Topics, Name extends keyof T> {
    /** what it says false of counts as handled */
    readonly filter?: (event: ValueOf<T[Name]>, delivery: Delivery<T, Name>) => boolean;
    /** where a group that is new begins; earliest without it */
    readonly startFrom?: 'earliest' | 'latest' | Date;
    /** errors that another attempt will not mend: they go straight to the dead letters */
    readonly notRetryable?: (error: unknown) => boolean;
}
/** Keyed by the name of the topic: a handler, or one with options. */
export type Listeners<T extends Topics> = {
    readonly [Name in keyof T]?: Handler<T, Name> | ListenerOptions<T, Name>;
};
export {};
