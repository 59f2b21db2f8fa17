// What a service needs of a Kafka client, where the rest of the library looks for it: what implements it is in src/kafka, too.
export type {
  ConsumeOptions,
  ConsumerSink,
  DriverConsumer,
  DriverProducer,
  Headers,
  InRecord,
  KafkaDriver,
  Offsets,
  OutRecord,
  Placed,
  ProducerOptions,
  TopicPartitions,
} from '../../kafka/driver/port.ts'
