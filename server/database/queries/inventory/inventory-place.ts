/** One place that credentials reach. */
export interface InventoryPlace {
  credentialsId: string;
  cloudPlatform: string;
  cloudLocation: string;
}
