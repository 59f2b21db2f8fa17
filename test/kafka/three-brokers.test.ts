import { playThreeBrokers } from '../support/three-brokers.ts'

playThreeBrokers('3.9 with ZooKeeper', 'version: "3.9", brokers: 3')
playThreeBrokers('4.3 with KRaft', 'version: "4.3", brokers: 3')
