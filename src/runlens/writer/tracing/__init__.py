"""Models -> graphs. Whatever walks the objects of torch or the messages of ONNX stands here."""
