import { type Kysely, sql } from 'kysely';

/**
 * Operating systems and the Corporate role categories: what every database has, an empty one too.
 * Later changes are later migrations, since people may have edited these rows by then.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await loadReferenceData(db);
}

/** Adds the operating systems and role categories of docs/domain.md, "Reference data". */
async function loadReferenceData(db: Kysely<unknown>): Promise<void> {
  const os = operatingSystems.map(([id, name, family, generation, version]) => ({
    id,
    name,
    family,
    generation,
    version,
  }));
  await sql`
    INSERT INTO os (id, name, family, generation, version)
    SELECT id, name, family, generation, version
    FROM jsonb_to_recordset(${JSON.stringify(os)}::jsonb)
      AS row(id text, name text, family text, generation text, version text)`.execute(db);
  await sql`
    INSERT INTO role_categories (id, name, scope)
    SELECT position, name, 'scalr'
    FROM unnest(${[...roleCategories]}::text[]) WITH ORDINALITY AS row(name, position)`.execute(db);
  await sql`SELECT setval(pg_get_serial_sequence('role_categories', 'id'), ${roleCategories.length})`.execute(
    db,
  );
}

/** Ids 1 to 8, in this order: clients know them by number. */
const roleCategories = [
  'Base',
  'Database servers',
  'App servers',
  'Load balancers',
  'Message queues',
  'Caches',
  'Cloud Foundry',
  'Mixed',
] as const;

type OperatingSystem = [
  id: string,
  name: string,
  family: string | null,
  generation: string | null,
  version: string | null,
];

/** An image fits a role when family and generation agree; the version is only shown. */
const operatingSystems: OperatingSystem[] = [
  ...['2013.03', '2014.03', '2014.09', '2015.03'].map(amazonLinux),
  ['amazon-2023', 'Amazon Linux 2023', 'amazon', '2023', '2023'],
  ...['5', '6', '7'].map((major) => minorless('centos', 'CentOS', 'centos', major)),
  ...['5', '6', '7', '8', '12', '13'].map(debian),
  ...['5', '6'].map((major) => minorless('oracle', 'Oracle Enterprise Linux', 'oel', major)),
  ...['5', '6', '7', '9'].map((major) => minorless('redhat', 'Red Hat', 'redhat', major)),
  ubuntu('8.04', 'Hardy'),
  ubuntu('8.10', 'Intrepid'),
  ubuntu('9.04', 'Jaunty'),
  ubuntu('9.10', 'Karmic'),
  ubuntu('10.04', 'Lucid'),
  ubuntu('10.10', 'Maverick'),
  ubuntu('11.04', 'Natty'),
  ubuntu('11.10', 'Oneiric'),
  ubuntu('12.04', 'Precise'),
  ubuntu('12.10', 'Quantal'),
  ubuntu('13.04', 'Raring'),
  ubuntu('13.10', 'Saucy'),
  ubuntu('14.04', 'Trusty'),
  ubuntu('14.10', 'Utopic'),
  ubuntu('16.04', 'Xenial'),
  ubuntu('18.04', 'Bionic'),
  ubuntu('20.04', 'Focal'),
  ubuntu('22.04', 'Jammy'),
  ubuntu('24.04', 'Noble'),
  ...['2003', '2008', '2012', '2022'].map(windows),
  ['fedora-coreos', 'Fedora CoreOS', 'fedora-coreos', 'fcos', null],
  ['unknown-os', 'Unknown OS', null, null, null],
];

function amazonLinux(version: string): OperatingSystem {
  const id = `amazon-${version.replace('.', '-')}`;
  return [id, `Amazon Linux ${version}`, 'amazon', version, version];
}

function debian(major: string): OperatingSystem {
  const codenames: Record<string, string> = {
    5: 'Lenny',
    6: 'Squeeze',
    7: 'Wheezy',
    8: 'Jessie',
    12: 'Bookworm',
    13: 'Trixie',
  };
  return [
    `debian-${major}-x`,
    `Debian ${major}.X ${codenames[major]}`,
    'debian',
    major,
    `${major}.X`,
  ];
}

/** `centos-7-x`: one entry for every minor version of a major one. */
function minorless(id: string, name: string, family: string, major: string): OperatingSystem {
  return [`${id}-${major}-x`, `${name} ${major}.X`, family, major, `${major}.X`];
}

function ubuntu(version: string, codename: string): OperatingSystem {
  const id = `ubuntu-${version.replace('.', '-')}`;
  return [id, `Ubuntu ${version} ${codename}`, 'ubuntu', version, version];
}

function windows(generation: string): OperatingSystem {
  return [`windows-${generation}`, `Windows ${generation}`, 'windows', generation, null];
}
