import { Emitter, real } from './guard'
import { world } from './world'

type ItemUsed = 'id' | 'label' | 'type' | 'checked' | 'enabled' | 'visible' | 'role'

export class MenuItem implements Pick<Electron.MenuItem, ItemUsed> {
  readonly id: string
  readonly type: NonNullable<Electron.MenuItem['type']>
  readonly role: NonNullable<Electron.MenuItem['role']>
  readonly submenu: Menu | undefined
  label: string
  checked: boolean
  enabled: boolean
  visible: boolean

  constructor(private readonly options: Electron.MenuItemConstructorOptions) {
    this.id = options.id ?? ''
    this.submenu =
      options.submenu instanceof Menu
        ? options.submenu
        : Array.isArray(options.submenu)
          ? Menu.buildFromTemplate(options.submenu)
          : undefined
    this.type = options.type ?? (this.submenu ? 'submenu' : 'normal')
    this.role = options.role as NonNullable<Electron.MenuItem['role']>
    this.label = options.label ?? options.role ?? ''
    this.checked = options.checked ?? false
    this.enabled = options.enabled ?? true
    this.visible = options.visible ?? true
  }

  click(): void {
    if (this.role === 'quit') world.app?.quit()
    else this.options.click?.(real(this), undefined, {})
  }
}

export class Menu extends Emitter implements Pick<Electron.Menu, 'append' | 'getMenuItemById' | 'items'> {
  static #application: Menu | null = null
  readonly items: Electron.MenuItem[] = []

  static buildFromTemplate(template: (Electron.MenuItemConstructorOptions | Electron.MenuItem)[]): Menu {
    const menu = new Menu()
    for (const item of template)
      menu.append(real(item instanceof MenuItem ? item : new MenuItem(item as Electron.MenuItemConstructorOptions)))
    return menu
  }

  static setApplicationMenu(menu: Electron.Menu | null): void {
    Menu.#application = real(menu)
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#application
  }

  append(item: Electron.MenuItem): void {
    this.items.push(item)
  }

  getMenuItemById(id: string): Electron.MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
}

// `implements` does not look at static members.
void (Menu satisfies {
  buildFromTemplate(template: Parameters<typeof Electron.Menu.buildFromTemplate>[0]): unknown
  setApplicationMenu(menu: Parameters<typeof Electron.Menu.setApplicationMenu>[0]): void
})
