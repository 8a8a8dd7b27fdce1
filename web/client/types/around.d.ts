// What the examples of the README use and do not bring. Firebase's own types are larger; these are the same where it matters.
declare module "firebase/app" {
  export function initializeApp(options: { projectId: string; apiKey: string }): object;
}
declare module "firebase/auth" {
  export interface User {
    uid: string;
    getIdToken(forceRefresh?: boolean): Promise<string>;
  }
  export function getAuth(): object;
  export function connectAuthEmulator(auth: object, url: string): void;
  export function onAuthStateChanged(auth: object, next: (user: User | null) => void): () => void;
}
declare module "firebase/firestore" {
  export function getFirestore(): object;
  export function connectFirestoreEmulator(database: object, host: string, port: number): void;
  export function doc(database: object, ...path: string[]): object;
  export function onSnapshot(
    reference: object,
    next: (snapshot: { data(): Record<string, unknown> | undefined }) => void,
    lost: (error: Error) => void,
  ): () => void;
}
declare function show(shown: import("unbroken-client").Shown): void;
declare const getToken: import("unbroken-client").GetToken;
