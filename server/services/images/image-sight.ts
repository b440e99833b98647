import { ApiError } from '#contract/errors.ts';
import type { ServiceInput } from '#contract/operations.ts';
import { fetchEnvironmentClouds } from '../../database/queries/clouds/environment-clouds.ts';
import { planRegistration } from '../../domain/images/images.ts';
import type { Context, ImageLook } from '../context.ts';

// What the cloud says of an image that is registered: docs/domain.md, "Registering an image".

type Registration = ServiceInput<'imageCreate'>['body'];

/** @returns which cloud to ask for an image: that of the credentials of its environment, if it has some */
export function planImageLook(body: Registration) {
  return async (ctx: Context): Promise<ImageLook | undefined> => {
    const { scope } = ctx;
    if (scope.scope !== 'environment') return undefined;
    const plan = planRegistration(body, scope.scope);
    if ('code' in plan) return undefined;
    const { cloudPlatform, cloudImageId } = body;
    const [attached] = await fetchEnvironmentClouds(ctx.tx, scope.environmentId, [cloudPlatform]);
    if (!attached) return undefined;
    const { cloudLocation } = plan;
    return { credentialsId: attached.credentials_id, cloudPlatform, cloudLocation, cloudImageId };
  };
}

/**
 * Compares what is registered with what the cloud said of it.
 * @returns the columns that follow
 * @throws ApiError InvalidValue for what the cloud does not have, or has otherwise
 */
export function applySight(
  ctx: Context,
  { cloudPlatform, cloudImageId, architecture, size }: Registration,
  cloudLocation: string,
): { checked_at: Date; size_gb: number | null } | undefined {
  const { sight } = ctx;
  if (!sight) return undefined;
  const where = cloudLocation === '' ? cloudPlatform : `${cloudPlatform} ${cloudLocation}`;
  if (sight.is === 'absent')
    throw invalid(
      'cloudImageId',
      `There is no image ${cloudImageId} in ${where}: the cloud was asked with the credentials of this environment. Check the id and the location.`,
    );
  if (sight.is === 'unknown') {
    ctx.warn({ code: 'NotChecked', message: `It is registered, but not checked: ${sight.why}` });
    return undefined;
  }
  const { architecture: itsOwn, sizeGb } = sight;
  if (itsOwn !== undefined && itsOwn !== architecture)
    throw invalid(
      'architecture',
      `${cloudImageId} is ${itsOwn} in ${where}, and not ${architecture}.`,
    );
  if (sizeGb !== undefined && size != null && size !== sizeGb)
    throw invalid('size', `${cloudImageId} has ${sizeGb} GB in ${where}, and not ${size} GB.`);
  for (const message of sight.warnings) ctx.warn({ code: 'CloudImage', message });
  return { checked_at: ctx.now, size_gb: size ?? sizeGb ?? null };
}

function invalid(field: string, message: string): ApiError {
  return new ApiError('InvalidValue', message, { field });
}
