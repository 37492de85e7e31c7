"""t-SNE and UMAP of an embedding, each computed in a process of its own that can be ended at any time."""
