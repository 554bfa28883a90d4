import { testHalfOfTenancy } from './parts.ts';

testHalfOfTenancy();
