/** What one client of the mix has: its own environment, and what it made there. */
export interface Client {
  token: string;
  path: string;
  accountId: number;
  images: string[];
  sets: number[];
  roles: { id: number; image: string | undefined }[];
  made: number;
}

/** As much of an answer as the clients read. */
export interface Envelope {
  data?:
    | {
        id?: string | number;
        accountId?: number;
        imageSet?: { id: number } | null;
        /** The first of a list. */
        0?: { id: string | number };
      }
    | undefined;
  meta?: { replacement?: { id: string } | null };
  errors?: { code: string }[];
}
