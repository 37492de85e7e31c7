// How all meshes are looked at.

class Looking {
  linkCameras = $state(true);
  wireframe = $state(false);
  /** CSS pixels. */
  pointSize = $state(2);
  /** Counts up when all views go back to where they began. */
  resets = $state(0);
}

export const looking = new Looking();
