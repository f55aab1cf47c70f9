"""Which PDFs are still to be deleted after an erasure; a crash between the two must not keep them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checks", "0002_one_history_record_a_version")]

    operations = [
        migrations.CreateModel(
            name='ErasedFile',
            fields=[
                ('name', models.CharField(max_length=200, primary_key=True, serialize=False, verbose_name='PDF')),
            ],
            options={
                'verbose_name': 'PDF to be deleted',
                'verbose_name_plural': 'PDFs to be deleted',
            },
        ),
    ]
