"""ONNX's messages as protobuf has them, to write files that ours must read."""

from typing import Any


def onnx_messages() -> dict[str, Any]:
    """The message classes of onnx.proto that graphs are made of, by protobuf itself."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory  # type: ignore[import-untyped]

    # message -> fields: (name, number, type); a type in brackets is repeated, one with a capital a message.
    messages: dict[str, list[tuple[str, int, str]]] = {
        "ModelProto": [("ir_version", 1, "int64"), ("graph", 7, "GraphProto")],
        "GraphProto": [
            ("node", 1, "[NodeProto]"), ("name", 2, "string"), ("initializer", 5, "[TensorProto]"),
            ("input", 11, "[ValueInfoProto]"), ("output", 12, "[ValueInfoProto]"),
            ("value_info", 13, "[ValueInfoProto]"),
        ],
        "NodeProto": [
            ("input", 1, "[string]"), ("output", 2, "[string]"), ("name", 3, "string"), ("op_type", 4, "string"),
            ("attribute", 5, "[AttributeProto]"), ("doc_string", 6, "string"), ("domain", 7, "string"),
        ],
        "AttributeProto": [
            ("name", 1, "string"), ("f", 2, "float"), ("i", 3, "int64"), ("s", 4, "bytes"), ("t", 5, "TensorProto"),
            ("g", 6, "GraphProto"), ("floats", 7, "[float]"), ("ints", 8, "[int64]"), ("strings", 9, "[bytes]"),
            ("type", 20, "int32"),
        ],
        "TensorProto": [
            ("dims", 1, "[int64]"), ("data_type", 2, "int32"), ("name", 8, "string"), ("raw_data", 9, "bytes"),
        ],
        "ValueInfoProto": [("name", 1, "string"), ("type", 2, "TypeProto")],
        "TypeProto": [("tensor_type", 1, "TypeTensor")],
        "TypeTensor": [("elem_type", 1, "int32"), ("shape", 2, "TensorShapeProto")],
        "TensorShapeProto": [("dim", 1, "[Dimension]")],
        "Dimension": [("dim_value", 1, "int64"), ("dim_param", 2, "string")],
    }  # fmt: skip
    file = descriptor_pb2.FileDescriptorProto(name="onnx.proto", package="onnx", syntax="proto2")
    kinds = descriptor_pb2.FieldDescriptorProto
    for message, fields in messages.items():
        proto = file.message_type.add(name=message)
        for name, number, written in fields:
            label = kinds.LABEL_REPEATED if written.startswith("[") else kinds.LABEL_OPTIONAL
            kind = written.strip("[]")
            field = proto.field.add(name=name, number=number, label=label)
            if kind[0].isupper():
                field.type, field.type_name = kinds.TYPE_MESSAGE, f".onnx.{kind}"
            else:
                field.type = kinds.Type.Value(f"TYPE_{kind.upper()}")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"onnx.{name}")) for name in messages}
