export { defineService } from './define-service.js';
export { run } from './run/run.js';
export type { ConfigSchema, ServiceContext, ServiceDefinition } from './define-service.js';
export type { BatchContext, BatchHandler, BatchItem, BatchListener, DeclaredService, Delivery, Handler, KeyOf, ListenerOptions, Listeners, Log, Producer, RecordListener, SendOptions, Sent, SentOf, Topic, TopicFormat, Topics, ValueOf, } from './definition.js';
