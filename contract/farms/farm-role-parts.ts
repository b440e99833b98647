import { z } from 'zod';
import {
  instanceInput,
  instanceSchema,
  placementInput,
  placementSchema,
  scalingInput,
  scalingSchema,
} from './farm-fields.ts';
import { idText } from '../fields.ts';
import { operation, read } from '../operation.ts';

const params = z.object({ farmRoleId: idText });

/** Parts of a farm role that can be read and changed by themselves. */
export const farmRolePartOperations = {
  farmRoleScalingGet: read({
    id: 'farmRoleScalingGet',
    path: '/farm-roles/{farmRoleId}/scaling/',
    summary: 'How many servers a farm role keeps.',
    params,
    response: scalingSchema,
  }),
  farmRoleScalingUpdate: operation({
    id: 'farmRoleScalingUpdate',
    method: 'PATCH',
    path: '/farm-roles/{farmRoleId}/scaling/',
    levels: ['user'],
    permission: 'farms.manage',
    summary: 'Change how many servers a farm role keeps.',
    params,
    body: scalingInput,
    response: scalingSchema,
  }),
  farmRoleInstanceGet: read({
    id: 'farmRoleInstanceGet',
    path: '/farm-roles/{farmRoleId}/instance/',
    summary: 'What the servers of a farm role run on.',
    params,
    response: instanceSchema,
  }),
  farmRoleInstanceUpdate: operation({
    id: 'farmRoleInstanceUpdate',
    method: 'PATCH',
    path: '/farm-roles/{farmRoleId}/instance/',
    levels: ['user'],
    permission: 'farms.manage',
    summary: 'Change what new servers of a farm role run on.',
    params,
    body: instanceInput,
    response: instanceSchema,
  }),
  farmRolePlacementGet: read({
    id: 'farmRolePlacementGet',
    path: '/farm-roles/{farmRoleId}/placement/',
    summary: 'Where the servers of a farm role run.',
    params,
    response: placementSchema,
  }),
  farmRolePlacementUpdate: operation({
    id: 'farmRolePlacementUpdate',
    method: 'PATCH',
    path: '/farm-roles/{farmRoleId}/placement/',
    levels: ['user'],
    permission: 'farms.manage',
    summary: 'Move a farm role that has no servers.',
    params,
    body: placementInput,
    response: placementSchema,
  }),
};
