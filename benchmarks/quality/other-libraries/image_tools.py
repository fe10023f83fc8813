"""Models of anomalib that run without downloaded weights.

A model sees a film at its own size in three equal channels in [0, 1] (localContrast moved there from [-1.5, 1.5]), behind
the normalisation of channels that it is shipped with; its resizing to 256 px is left out, which no budget here would bear.
"""

import time

import numpy as np
import torch

BATCH = 32


def images_of(films):
    """[n, 3, height, width] in [0, 1]."""
    pixels = torch.from_numpy(np.ascontiguousarray(films, dtype=np.float32))
    if pixels.min() < 0:
        pixels = (pixels + 1.5) / 3
    return pixels[:, None].expand(-1, 3, -1, -1)


def _fit(make, films, seed, epochs, budget_s):
    from anomalib.data.dataclasses.torch import ImageBatch
    from lightning.pytorch import Callback, Trainer, seed_everything

    class Budget(Callback):
        """Stops before an epoch that would probably end beyond the budget of processor time; within the first, at the budget."""

        epochs, stopped, longest = 0, False, 0.0

        def on_train_start(self, trainer, module):
            self.began = self.epoch_began = time.process_time()

        def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx):
            if trainer.current_epoch == 0 and time.process_time() - self.began > budget_s:
                self.epochs = (batch_idx + 1) / trainer.num_training_batches
                self.stopped = trainer.should_stop = True

        def on_train_epoch_end(self, trainer, module):
            if self.stopped:
                return
            now = time.process_time()
            self.epochs = trainer.current_epoch + 1
            self.longest = max(self.longest, now - self.epoch_began)
            self.epoch_began = now
            if now - self.began + self.longest > budget_s and self.epochs < trainer.max_epochs:
                self.stopped = trainer.should_stop = True

    seed_everything(seed, verbose=False)
    module = make(films.shape[1:])
    loader = torch.utils.data.DataLoader(
        images_of(films),
        batch_size=BATCH,
        shuffle=True,
        # A last batch of one or two films has no statistics to normalise it by.
        drop_last=len(films) % BATCH < 3,
        collate_fn=lambda images: ImageBatch(image=torch.stack(images)),
    )
    budget = Budget()
    settings = {"max_epochs": epochs, **{k: v for k, v in module.trainer_arguments.items() if k != "devices"}}
    trainer = Trainer(
        **settings,
        accelerator="cpu",
        devices=1,
        logger=False,
        callbacks=[budget],
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.fit(module, loader)
    module.eval()

    def score(more):
        with torch.no_grad():
            batches = images_of(more).split(BATCH)
            results = [module.model(module.pre_processor.transform(batch)) for batch in batches]
        return torch.cat([result.pred_score.reshape(-1) for result in results]).numpy()

    score.epochs, score.stopped = round(budget.epochs, 2), budget.stopped
    return score


def ganomaly(films, seed, setting, budget_s):
    from anomalib.models.image import Ganomaly

    setting = dict(setting)
    epochs = setting.pop("epochs")

    def make(size):
        processor = Ganomaly.configure_pre_processor(tuple(size))
        return Ganomaly(batch_size=BATCH, pre_processor=processor, **_quiet(), **setting)

    return _fit(make, films, seed, epochs, budget_s)


def draem(films, seed, setting, budget_s):
    """Without the photographs of textures that it would download: it paints Perlin noise alone."""
    import tempfile

    from anomalib.models.image import Draem

    setting = dict(setting)
    epochs = setting.pop("epochs")

    def make(size):
        processor = Draem.configure_pre_processor(tuple(size))
        with tempfile.TemporaryDirectory() as empty:
            return Draem(dtd_dir=empty, pre_processor=processor, **_quiet(), **setting)

    return _fit(make, films, seed, epochs, budget_s)


def _untrained(name):
    """A model over a backbone whose weights it would download: here they are drawn at random."""

    def fit(films, seed, setting, budget_s):
        import anomalib.models.image as models

        model = getattr(models, name)

        def make(size):
            processor = model.configure_pre_processor(tuple(size))
            return model(pre_trained=False, pre_processor=processor, **_quiet(), **setting)

        return _fit(make, films, seed, 1, budget_s)

    return fit


def _quiet():
    return {"post_processor": False, "evaluator": False, "visualizer": False}


padim, patchcore, dfkde, dfm = (_untrained(name) for name in ("Padim", "Patchcore", "Dfkde", "Dfm"))
