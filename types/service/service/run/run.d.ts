import type { ServiceDefinition } from '../define-service.js';
import type { Topics } from '../definition.js';
/**
 * Runs the service until it is told to end: by SIGTERM, SIGINT, or the end of `evplat dev` that started it. Then the process exits: 0
 * when everything was handled and committed, 1 when not or when an error ended it, 130 when a second signal cut it short. A service
 * that can't start says why and exits with the code of the error (docs/errors.md).
 */
export declare function run<T extends Topics, Config>(definition: ServiceDefinition<T, Config>): Promise<void>;
