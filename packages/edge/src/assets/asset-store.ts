export class AssetStore {}
