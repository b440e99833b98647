import { describeCloudConformance } from '../cloud/conformance.ts';
import { makeGroup } from './ec2-groups.ts';
import { ec2, makeImage } from './ec2-setup.ts';

describeCloudConformance('ec2', {
  connect: ec2.connect,
  place: ec2.place,
  cloudImageId: ec2.image,
  absentImageId: ec2.absentImage,
  instanceType: 't3.micro',
  makeExpendableImage: makeImage,
  makeGroup,
  copyTo: 'us-east-1',
  stepMs: 20_000,
  pollMs: 20,
  pageSize: 5,
  cannot: [],
});
