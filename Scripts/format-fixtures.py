"""Writes the small files under Tests/WeightSpacesTests/Fixtures/formats with PyTorch and NumPy themselves.

Run as `python Scripts/format-fixtures.py FOLDER` where torch 2.13 and numpy can be imported. Element i of a tensor is
`start + i`, so that the tests can say what every file holds.
"""

import argparse
import pathlib
import sys
import zipfile

import numpy as np
import torch

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def ramp(start, *shape, dtype=torch.float32):
    count = int(np.prod(shape))
    return (start + torch.arange(count)).to(dtype).reshape(shape)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = torch.nn.Linear(2, 3)
        self.norm = torch.nn.BatchNorm1d(3)

    def forward(self, x):
        return self.norm(self.dense(x))


net = Net()
with torch.no_grad():
    for start, tensor in enumerate(net.state_dict().values()):
        tensor.copy_(ramp(10 * start, *tensor.shape))

torch.save(net.state_dict(), folder / "state.pt")
torch.save(net, folder / "module.pt")
LEGACY = {"_use_new_zipfile_serialization": False}
torch.save(net.state_dict(), folder / "legacy.pt", **LEGACY)
torch.save(net.state_dict(), folder / "legacy4.pt", pickle_protocol=4, **LEGACY)
torch.jit.script(net).save(str(folder / "script.pt"))
# The debugging information names the folders of the machine.
with zipfile.ZipFile(folder / "script.pt") as archive:
    members = [(member, archive.read(member)) for member in archive.infolist()]
with zipfile.ZipFile(folder / "script.pt", "w") as archive:
    for member, contents in members:
        if not member.filename.endswith(".debug_pkl"):
            archive.writestr(member, contents)


class Stream:
    """A file that cannot be gone back in, so that zip writes sizes and checksums after the members."""

    def __init__(self, path):
        self.file = open(path, "wb")

    def write(self, data):
        return self.file.write(data)

    def flush(self):
        self.file.flush()


def repack(name, method, prefix):
    """Packs the state dict anew, the first member with wide sizes."""
    with zipfile.ZipFile(folder / "state.pt") as source, zipfile.ZipFile(Stream(folder / name), "w") as target:
        for number, member in enumerate(source.namelist()):
            info = zipfile.ZipInfo(prefix + member.split("/", 1)[1])
            info.compress_type = method
            with target.open(info, "w", force_zip64=number == 0) as out:
                out.write(source.read(member))


repack("deflated.pt", zipfile.ZIP_DEFLATED, "packed anew/")
repack("bare.pt", zipfile.ZIP_STORED, "")

optimizer = torch.optim.Adam(net.parameters())
net.dense.weight.sum().backward()
optimizer.step()
for start, tensor in enumerate(net.state_dict().values()):
    tensor.copy_(ramp(10 * start, *tensor.shape))
training = {
    "epoch": 7,
    "args": argparse.Namespace(lr=1e-3, sizes=[2, 3], best=np.float64(0.5)),
    "optimizer": optimizer.state_dict(),
    "device": torch.device("cpu"),
    "state_dict": net.state_dict(),
}
torch.save(training, folder / "training.pt")
torch.save(training, folder / "training_legacy.pt", **LEGACY)

base = ramp(0, 4, 3)
tied = ramp(100, 2, 2)
views = {
    "transposed": base.t(),
    "row": base[2],
    "column": base[:, 1],
    "scalar": torch.tensor(5.0),
    "empty": torch.zeros(0, 3),
    "embedding": tied,
    "head": tied,
    "permuted": ramp(200, 2, 3, 2).permute(2, 0, 1),
}
torch.save(views, folder / "views.pt")
torch.save(views, folder / "views5.pt", pickle_protocol=5)
torch.save(views, folder / "views_legacy.pt", **LEGACY)

names = """float64 float32 float16 bfloat16 complex64 int64 int32 int16 int8 uint64 uint32 uint16 uint8 bool
float8_e4m3fn float8_e5m2""".split()
for protocol in (2, 3, 4, 5):
    types = {name: ramp(0, 2, dtype=getattr(torch, name)) for name in names}
    types["parameter"] = torch.nn.Parameter(ramp(3, 2))
    marked = ramp(5, 2)
    marked.note = "kept as an attribute"
    types["marked"] = marked
    torch.save(types, folder / f"types{protocol}.pt", pickle_protocol=protocol)
torch.save(types, folder / "types_legacy.pt", **LEGACY)

torch.save({"sparse": torch.eye(2).to_sparse()}, folder / "sparse.pt")
kinds = {
    "dense": ramp(7, 2, 2),
    "expanded": ramp(3, 2, 1).expand(2, 3),
    "windows": ramp(5, 4).as_strided((3, 2), (1, 1)),
    "sparse": torch.eye(2).to_sparse(),
    "rows": torch.eye(2).to_sparse_csr(),
    "quantized": torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8),
    "channels": torch.quantize_per_channel(torch.ones(2, 3), torch.tensor([0.1, 0.2]), torch.tensor([0, 0]), 0, torch.quint8),
    "meta": torch.empty(2, device="meta"),
    "conjugated": torch.ones(2, dtype=torch.complex64).conj(),
    "negated": torch._neg_view(torch.ones(2)),
    "double": torch.ones(2, dtype=torch.complex128),
    "half": torch.zeros(2, dtype=torch.complex32),
    "nested": torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]),
}
torch.save(kinds, folder / "kinds.pt")
# Tensors on the meta device, for one, have no place in the older format.
kinds = {name: kinds[name] for name in ("dense", "expanded", "windows", "sparse", "quantized", "channels", "double")}
torch.save(kinds, folder / "kinds_legacy.pt", **LEGACY)

arrays = {
    "dense/weight": np.arange(6, dtype="<f4").reshape(2, 3),
    "fortran": np.asfortranarray(np.arange(24, dtype="<f8").reshape(2, 3, 4)),
    "scalar": np.float32(5),
    "half": np.arange(3).astype("<f2"),
    "counts": np.arange(4, dtype="<i2"),
    "mask": np.array([True, False]),
    "words": np.array(["a", "bc"]),
    "objects": np.array([{}], dtype=object),
    "zeros": np.zeros((40, 50), "<f4"),
}
np.savez(folder / "stored.npz", **{name: array for name, array in arrays.items() if name != "zeros"})
np.savez_compressed(folder / "deflated.npz", **arrays)
for version in (1, 2, 3):
    with open(folder / f"version{version}.npy", "wb") as file:
        np.lib.format.write_array(file, arrays["fortran"], version=(version, 0))
np.save(folder / "bigendian.npy", np.arange(3, dtype=">f4"))
np.save(folder / "records.npy", np.zeros(2, dtype=[("a", "<f4")]))
