import { accountOperations } from './account-operations.ts';
import { channelOperations } from './channel-operations.ts';
import { deliveryOperations } from './delivery-operations.ts';
import { eventOperation } from './event-operation.ts';
import type { Operation } from './operation.ts';
import { ownerOperations } from './owner-operations.ts';
import { rulesOperations } from './rules-operations.ts';
import type { ApiServices } from './services.ts';

export function apiOperations(services: ApiServices): Operation[] {
  return [
    eventOperation(services),
    ...channelOperations(services),
    ...rulesOperations(services),
    ...deliveryOperations(services),
    ...accountOperations(services),
    ...ownerOperations(services),
  ];
}
