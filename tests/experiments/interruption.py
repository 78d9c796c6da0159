"""A user who presses Ctrl-C."""

import keras


def interrupt_training(monkeypatch, epoch: int) -> None:
    """Interrupts the training in the middle of a coming epoch, counted from 1."""
    fits, fit = [], keras.Model.fit

    def press(batch, logs=None):
        if batch >= 3:
            raise KeyboardInterrupt

    def fit_until_interrupted(model, *args, callbacks=(), **options):
        fits.append(model)
        if len(fits) == epoch:
            callbacks = [*callbacks, keras.callbacks.LambdaCallback(on_train_batch_end=press)]
        return fit(model, *args, callbacks=callbacks, **options)

    monkeypatch.setattr(keras.Model, "fit", fit_until_interrupted)
