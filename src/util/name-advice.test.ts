import { describe, expect, it } from 'vitest';

import { nameAdvice } from './name-advice.ts';

const facts = {
  os: { id: 'ubuntu-24-04', name: 'Ubuntu 24.04', family: 'ubuntu' },
  cloudPlatform: 'ec2',
  cloudLocation: 'eu-west-1',
  architecture: 'x86_64',
};

describe('nameAdvice', () => {
  it.each(['nginx-1-9', 'postgresql-16-6', 'ubuntuone-2', 'fcos-44-20260720-2-1', ''])(
    'has nothing to say about "%s"',
    (name) => {
      expect(nameAdvice(name, facts)).toBeUndefined();
    },
  );

  it.each([
    ['nginx-1-9-ubuntu', 'its OS (Ubuntu 24.04)'],
    ['Ubuntu-24-04-web-2', 'its OS (Ubuntu 24.04)'],
    ['ec2-nginx-1-9', 'its cloud (EC2)'],
    ['nginx-1-9-eu-west-1', 'its location (eu-west-1)'],
    ['nginx-1-9-x86-64', 'its architecture (x86_64)'],
  ])('says of %s that it can leave out %s', (name, fact) => {
    expect(nameAdvice(name, facts)).toContain(`leave out ${fact}`);
  });

  it('names everything that is said twice', () => {
    expect(nameAdvice('nginx-1-9-ubuntu-x86-64', facts)).toContain(
      'its OS (Ubuntu 24.04) and its architecture (x86_64)',
    );
  });

  it('asks for a version where there is none', () => {
    expect(nameAdvice('nginx', facts)).toContain('version');
  });

  it('needs no facts', () => {
    expect(nameAdvice('nginx-1-9', {})).toBeUndefined();
  });
});
