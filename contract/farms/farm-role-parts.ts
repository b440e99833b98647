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
import { operation } from '../operation.ts';

const params = z.object({ farmRoleId: idText });

/** Parts of a farm role that can be read and changed by themselves. */
export const farmRolePartOperations = {
  farmRoleScalingGet: operation({
    id: 'farmRoleScalingGet',
    method: 'GET',
    path: '/farm-roles/{farmRoleId}/scaling/',
    permission: 'view',
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
  farmRoleInstanceGet: operation({
    id: 'farmRoleInstanceGet',
    method: 'GET',
    path: '/farm-roles/{farmRoleId}/instance/',
    permission: 'view',
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
  farmRolePlacementGet: operation({
    id: 'farmRolePlacementGet',
    method: 'GET',
    path: '/farm-roles/{farmRoleId}/placement/',
    permission: 'view',
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
