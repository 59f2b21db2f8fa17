// What `@evplat/service` gives to those who write services. The one file that hands on what others define: its users see nothing else.
export { defineService } from './define-service.ts'
export { run } from './run/run.ts'
export type { ConfigSchema, ServiceContext, ServiceDefinition } from './define-service.ts'
export type {
  BatchContext,
  BatchHandler,
  BatchItem,
  BatchListener,
  DeclaredService,
  Delivery,
  Handler,
  KeyOf,
  ListenerOptions,
  Listeners,
  Log,
  Producer,
  RecordListener,
  SendOptions,
  Sent,
  SentOf,
  Topic,
  TopicFormat,
  Topics,
  ValueOf,
} from './definition.ts'
